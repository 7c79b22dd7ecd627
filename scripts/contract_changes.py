"""What differs between two contracts, and what each difference means for a caller.

The caller is a C program that was built with the bindings of the old contract.

  wire    a program as it is, talking to a service of the new contract, can be
          refused, misread a reply, or lose a value
  source  the program no longer compiles, or means something else, once it is
          built with the bindings of the new contract

Whether a difference hurts depends on the direction that a type travels. What
the generated readers do was measured with gSOAP 2.8.124 in its lenient mode:
they take elements in any order, skip the ones they do not know, keep the first
of two where one is expected, leave a missing one NULL or zero, read an unknown
xsi:type as its base, and refuse the whole reply for a nil in a member that is
no pointer or for a nil number in an array.
"""

from __future__ import annotations

from contract_change import COMPATIBLE, SOURCE, WIRE, renamed  # noqa: F401
from contract_element_changes import ElementChanges
from contract_operation_changes import OperationChanges
from contract_side import Side
from contract_type_changes import TypeChanges

SAME_NAMESPACE = 0.5  # share of common names from which two namespaces are versions of one


def paired_namespaces(old, new):
    """Old namespace -> new one, for those that came in another version."""

    def names(contract, namespace):
        return {
            name.local
            for name in (*contract.types, *contract.elements)
            if name.namespace == namespace
        }

    scores = []
    for before in old.namespaces() - new.namespaces():
        for after in new.namespaces() - old.namespaces():
            left, right = names(old, before), names(new, after)
            scores.append((len(left & right) / len(left | right), before, after))
    pairs = {}
    for score, before, after in sorted(scores, reverse=True):
        if score >= SAME_NAMESPACE and before not in pairs and after not in pairs.values():
            pairs[before] = after
    return pairs


def compare(old, new):
    """The changes from one contract to another, as a list."""
    namespaces = paired_namespaces(old, new)
    original = {after: before for before, after in namespaces.items()}
    sides = Side.of(old, namespaces), Side.of(new, {}), original
    operations, types, elements = (
        kind(*sides) for kind in (OperationChanges, TypeChanges, ElementChanges)
    )
    operations.compare(old, new, namespaces)
    types.compare()
    elements.compare()
    return [*operations.changes, *types.changes, *elements.changes]
