"""From the result to what people and programs read: one module per target and per sheet."""
