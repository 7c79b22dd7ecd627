"""What a change of the WSDL is over REST: routes and members of JSON."""

from __future__ import annotations

from contract_model import ComplexType, all_fields
from rest_contract import drift_of
from rest_names import is_array, json_kind, route
from wrapper_uses import pinned_version

NONE = "none: "
ELSEWHERE = {
    "namespace": "JSON has no namespaces",
    "SOAPAction": "REST finds the operation by method and path",
    "address": "REST has a base address of its own",
    **dict.fromkeys(("binding", "transport", "header fault"), "of SOAP only"),
    **dict.fromkeys(("service", "port", "portType"), "of the WSDL only"),
    **dict.fromkeys(("element", "attribute"), "of XML only"),
}


def rest_drift(root, *contracts):
    """What the first of these contracts that is spoken over REST has beside its WSDL, or {}."""
    for contract in contracts:
        version, _ = pinned_version(root, contract)
        drift = drift_of(root / "wsdl" / version / "x") if version else {}
        if drift:
            return drift
    return {}


def json_effect(change, old, new):
    """What a change between two contracts is over REST, in words."""
    if change.kind in ELSEWHERE:
        return NONE + ELSEWHERE[change.kind]
    if change.kind == "operation":
        return _operation(change)
    if change.kind == "header part":
        return "tokens and TrackingId are HTTP headers: look at the reference pages"
    if change.kind == "fault":
        return NONE + "a fault says its type in the member Type, whatever the operation"
    if change.kind == "enumeration value":
        return f"text, {change.action} alike"
    if change.kind == "type":
        return _type(change)
    return _field(change, old, new)


def _operation(change):
    if change.action != "changed":
        return f"route {' '.join(route(change.item))} {change.action}, by the rule of names"
    return NONE + "of SOAP only" if change.aspect == "style" else "the body is another object"


def _type(change):
    if change.action != "changed":
        return NONE + "JSON has no names of types"
    if change.aspect == "order":
        return NONE + "JSON has no order"
    if change.aspect == "base":
        return "its members are told one by one"
    in_json = change.aspect in ("values", "definition")
    return "values come as text" if in_json else NONE + "of XML only"


def _owner(contract, change):
    """The type that a change is of, None if the contract has none of the name."""
    for name, kind in contract.types.items():
        if name.local.lstrip("/") == change.owner:
            return kind
    return None


def _kind(contract, change):
    """The JSON kind of the field that a change is of, None if it is not there."""
    owner = _owner(contract, change)
    for field in all_fields(contract.types, owner) if isinstance(owner, ComplexType) else ():
        if field.name.local == change.item:
            found = json_kind(contract.types, field.type)
            several = field.maximum is None and not is_array(owner)
            return f"array<{found}>" if several else found
    return None


def _field(change, old, new):
    before, after = (_kind(contract, change) for contract in (old, new))
    if is_array(_owner(old, change)) or is_array(_owner(new, change)):
        if before == after:
            return NONE + "arrays have no element of their own"
        return f"items {before or 'none'} -> {after or 'none'}"
    if change.action != "changed":
        return f"member {change.item} ({after or before}) {change.action}"
    if before != after:
        return f"member {change.item} {before} -> {after}"
    if change.aspect in ("namespace", "type"):
        return NONE + "JSON has no namespaces and no names of types"
    return f"member {change.item}: the same {change.aspect}"


def drift_lines(drift, contract):
    """What REST has beside the WSDL, a line each, and what the WSDL has come to have as well."""
    kinds = {name.local: kind for name, kind in contract.types.items()}
    for name, values in sorted(drift.get("enumerationValues", {}).items()):
        for value in values:
            kind = kinds.get(name)
            item = kind and kind.item and contract.types.get(kind.item)
            known = value in getattr(item or kind, "values", ())
            note = "now in the WSDL as well: take it out of rest.json" if known else "REST only"
            yield f"value {name}.{value}: {note}"
    for name in drift.get("faultTypes", ()):
        yield f"fault type {name}: REST only"
    for name in drift.get("undocumented", ()):
        if name not in contract.operations:
            yield f"operation {name}: no longer in the WSDL, take it out of rest.json"
