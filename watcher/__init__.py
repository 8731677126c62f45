"""Vigie préfectures: watches the pages where préfectures announce how to apply for a residence permit."""
