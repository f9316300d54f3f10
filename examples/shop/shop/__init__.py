"""A small shop for everything a boat needs on its way down the slipway."""
