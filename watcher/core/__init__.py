"""Pure decisions and the values they are about; standard library only.

All times are aware UTC datetimes; days on which a page says that something happened are plain dates.
"""
