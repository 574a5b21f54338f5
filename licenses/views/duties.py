"""What to show, name, ship and keep for one release, as a sheet that can be filed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from licenses import filing, profiles, sheets
from licenses.clauses.asker import sentence

from .answers import asked_every_time, format_faults, refused, takes
from .asking import asked

FORMATS = ("txt", "json")


@require_safe
@asked_every_time
@takes(*profiles.NAMES, "format")
def duties(request: HttpRequest, slug: str) -> HttpResponse:
    """Every duty of a release by occasion; with a profile, those that fall due. `format` gives it to be filed."""
    form, who = request.GET.get("format", ""), asked(request.GET)
    if faults := who.faults | format_faults(form or None, FORMATS):
        return refused(request, faults)
    sheet = sheets.of_release(slug, who.profile)
    if sheet is None:
        raise Http404(f"{slug} is no release.")
    filed, today = filing.filed(sheet), timezone.localdate()
    if form == "json":
        return JsonResponse(filing.as_record(filed, taken_on=today))
    if form == "txt":
        response = HttpResponse(filed.text(taken_on=today), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{filed.name}"'
        return response
    carried = who.query.urlencode()
    context = {
        "sheet": sheet,
        "filed": filed,
        "asker": sentence(sheet.profile) if sheet.profile else "",
        "not_read": [*filing.not_read(sheet), *filing.not_held(sheet)],
        "query": carried,
        "downloads": [(name, f"?{carried}&format={name}" if carried else f"?format={name}") for name in FORMATS],
    }
    return render(request, "licenses/duties.html", context)
