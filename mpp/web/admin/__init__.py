"""The administrator's pages: people, rights and the order of lines."""

from mpp.web.admin import people, queues

blueprints = (people.bp, queues.bp)
