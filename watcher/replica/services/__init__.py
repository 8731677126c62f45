"""The other hosts that préfectures' pages lead to: procedures and bookings, in every state they are met in."""
