"""The central service over the network: one WebSocket a making."""
