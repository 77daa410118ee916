"""What corrections teach: how often the machine was right, what people do, and what the reader may take from it."""
