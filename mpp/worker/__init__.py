"""How connections are held: no thread waits for a client, and strangers never take the last place."""
