"""How the zoo is made; nothing that serves imports it."""
