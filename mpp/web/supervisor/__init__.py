"""The supervisor's view of the whole mall."""

from mpp.web.supervisor import pages

blueprints = (pages.bp,)
