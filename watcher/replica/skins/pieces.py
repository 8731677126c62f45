# ruff: noqa: E501 - markup keeps its lines
"""Bodies of pages that are not news: the first step of a booking, a list to select from, a file."""

from __future__ import annotations

from watcher.replica.skins.slots import slot

BOOKING = f"""<form id="FormBookingCreate" method="post"><div id="inner_Booking"><h2>Prise de rendez-vous</h2>
<p>Le rendez-vous est gratuit. Le demandeur se présente en personne, muni de sa convocation.</p></div>
<input type="hidden" name="ezxform_token" value="{slot("booking")}"><p><input type="checkbox" name="condition" id="condition">
<label for="condition">Veuillez cocher la case pour accepter les conditions d'utilisation.</label></p>
<div id="submit_Booking"><input type="submit" name="nextButton" class="Bbutton" value="Effectuer une demande de rendez-vous"></div></form>"""
SELECT = """<form method="post"><div class="fr-select-group"><select class="fr-select" id="Liste-liste-docs" name="Liste-liste-docs">
<option value=""></option>
<option value="Publications/RAA/2025/Septembre" title="Septembre 2025">Septembre 2025</option>
<option value="Publications/RAA/2025/Aout" title="AOUT 2025">AOUT 2025</option></select></div></form>"""
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
