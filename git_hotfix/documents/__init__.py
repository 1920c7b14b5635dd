"""Documents: text that is generated from facts and registries."""
