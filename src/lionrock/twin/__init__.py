"""A simulated Hong Kong that publishes the real feeds' exact formats over HTTP."""
