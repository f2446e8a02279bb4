"""Signing in, and the locked screen."""

from mpp.web.signin import lock, pages

blueprints = (pages.bp, lock.bp)
