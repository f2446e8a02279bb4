"""The officer's desk: choosing a counter, and serving there."""

from mpp.web.desk import pages

blueprints = (pages.bp,)
