"""The refusals of the schema in plain Indonesian."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mpp.mallfile.json_lines import pointer

MESSAGES = {
    "missing": "wajib diisi",
    "extra_forbidden": "kunci ini tidak dikenal; periksa ejaannya",
    "string_type": "harus berupa teks dalam tanda kutip",
    "int_type": "harus berupa bilangan bulat tanpa tanda kutip",
    "int_from_float": "harus berupa bilangan bulat",
    "bool_type": "harus true atau false tanpa tanda kutip",
    "list_type": "harus berupa daftar dalam kurung siku [ ]",
    "dict_type": "harus berupa isian dalam kurung kurawal {{ }}",
    "model_type": "harus berupa isian dalam kurung kurawal {{ }}",
    "model_attributes_type": "harus berupa isian dalam kurung kurawal {{ }}",
    "enum": "nilai ini tidak dikenal; pilih {expected}",
    "literal_error": "nilai ini tidak dikenal; pilih {expected}",
    "string_too_long": "terlalu panjang, paling banyak {max_length} huruf",
    "too_short": "terlalu sedikit, paling kurang {min_length}",
    "too_long": "terlalu banyak, paling banyak {max_length}",
    "greater_than_equal": "terlalu kecil, paling kurang {ge}",
    "less_than_equal": "terlalu besar, paling banyak {le}",
    "string_unicode": "memuat karakter yang tidak sah",
    "union_tag_not_found": 'wajib memuat "kind": head_start, ratio, atau strict',
    "union_tag_invalid": "cara ini tidak dikenal; pilih head_start, ratio, atau strict",
    "mall_file": "{sentence}",
}
UNKNOWN = "isinya tidak sesuai bentuk yang diminta"
POLICIES = {"head_start", "ratio", "strict"}


def schema_mistakes(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Each mistake as its place and its sentence."""
    for details in error.errors(include_url=False, include_input=False):
        yield _place(details), _sentence(details)


def _place(details: ErrorDetails) -> str:
    """The way to the value in the file: without the steps that only the schema knows."""
    path = list(details["loc"])
    steps = [
        step
        for before, step in zip([None, *path], path, strict=False)
        if not (before == "policy" and step in POLICIES) and step != "[key]"
    ]
    return pointer(*steps)


def _sentence(details: ErrorDetails) -> str:
    context: dict[str, Any] = dict(details.get("ctx") or {})
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", " atau ").replace("'", "")
    return MESSAGES.get(details["type"], UNKNOWN).format(**context)
