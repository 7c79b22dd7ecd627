"""Requests to fill in: each operation's request element in schema order.

A template shows every element once, with its type as a comment. Elements that
are not needed are to be removed: an empty one is not the same as none.
"""

from contract import ComplexType, SimpleType, all_fields
from wsdl_document import XSD

MAX_VALUES = 16


def _tag(prefixes, name):
    return f"{prefixes[name.namespace]}:{name.local}" if name.namespace else name.local


def _hint(contract, field):
    """What goes into a simple element."""
    kind = contract.types.get(field.type)
    several = ""
    if isinstance(kind, SimpleType) and kind.item:
        kind = contract.types.get(kind.item)
        several = " (one or more, with a blank between)"
    values = kind.values if isinstance(kind, SimpleType) else ()
    if values:
        shown = " | ".join(str(value) for value in values[:MAX_VALUES])
        return shown + (" | ..." if len(values) > MAX_VALUES else "") + several
    return field.type.local + several


def _lines(contract, prefixes, field, depth, above):
    indent = "  " * depth
    tag = _tag(prefixes, field.name)
    kind = contract.types.get(field.type)
    if not isinstance(kind, ComplexType):
        return [f"{indent}<{tag}><!-- {_hint(contract, field)} --></{tag}>"]
    if field.type in above:
        return [f"{indent}<!-- {tag}: as above -->"]
    inner = [line for part in all_fields(contract.types, kind) if not part.attribute
             for line in _lines(contract, prefixes, part, depth + 1, above | {field.type})]
    more = "  <!-- one or more -->" if field.maximum is None else ""
    return [f"{indent}<{tag}>{more}", *inner, f"{indent}</{tag}>"]


def request_template(contract, prefixes, element):
    """The request element as XML text, with the namespaces that it uses."""
    kind = contract.types[contract.elements[element].type]
    body = [line for part in all_fields(contract.types, kind)
            for line in _lines(contract, prefixes, part, 1, frozenset())]
    tag = _tag(prefixes, element)
    text = "\n".join(body)
    used = [f'\n    xmlns:{prefix}="{uri}"' for uri, prefix in sorted(prefixes.items())
            if uri != XSD and (f"<{prefix}:" in text or prefix == prefixes[element.namespace])]
    inner = f"\n{text}\n" if body else ""
    return f"<{tag}{''.join(used)}>{inner}</{tag}>\n"


def c_string(text):
    """The text as C string literals, a line each."""
    lines = text.splitlines(keepends=True)
    return "\n".join('    "' + line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
                     for line in lines)
