"""The greeter at the door: numbers for visitors, lists, paper and appointments."""

from mpp.web.greeter import appointments, pages, paper, tickets

blueprints = (pages.bp, tickets.bp, paper.bp, appointments.bp)
