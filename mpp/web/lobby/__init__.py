"""The lobby's screens, which `display` draws: who may see them."""
