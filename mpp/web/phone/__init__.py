"""The visitor's phone: one ticket behind its secret address."""

from mpp.web.phone import pages

blueprints = (pages.bp,)
