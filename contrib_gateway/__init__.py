"""The gateway: what people write in forms becomes proposals that editors review."""
