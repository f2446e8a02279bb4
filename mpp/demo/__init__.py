"""The demo: a whole hall on one machine, with a sample mall, a virtual printer and, on request, visitors."""
