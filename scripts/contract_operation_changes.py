"""What differs in the service as a whole, in its operations and in their binding."""

from __future__ import annotations

from contract_change import Comparison


class OperationChanges(Comparison):
    def compare(self, old, new, namespaces):
        """old and new: the contracts, of which the sides know only the components."""
        self._service(old, new, namespaces)
        for name in sorted(self.old.operations.keys() | self.new.operations.keys()):
            self._came_or_went(name)

    def _service(self, old, new, namespaces):
        for before, after in sorted(namespaces.items()):
            self._add(
                "namespace",
                "changed",
                "",
                before,
                [("wire", "every element of it has another name on the wire")],
                old=before,
                new=after,
                key=("namespace", before),
            )
        for item, before, after, effect in (
            (
                "address",
                old.address,
                new.address,
                ("wire", "programs built with the old default address call the old one"),
            ),
            (
                "transport",
                old.transport,
                new.transport,
                ("wire", "messages travel another way than over HTTP"),
            ),
            (
                "binding",
                old.binding,
                new.binding,
                ("source", "the generated .nsmap file has another name"),
            ),
            ("service", old.service, new.service, ("", "not on the wire and not in the C names")),
            ("port", old.port, new.port, ("", "not on the wire and not in the C names")),
            (
                "portType",
                old.port_type,
                new.port_type,
                ("", "not on the wire and not in the C names"),
            ),
        ):
            if before != after:
                self._add(item, "changed", "", "", [effect], old=before, new=after, key=(item,))

    def _came_or_went(self, name):
        old, new = self.old.operations, self.new.operations
        if name not in new:
            self._add(
                "operation",
                "removed",
                "",
                name,
                [
                    ("wire", "the service no longer has it"),
                    ("source", "its functions and structs are gone"),
                ],
                key=("operation", name),
            )
        elif name not in old:
            self._add("operation", "added", "", name, [("", "old callers do not call it")])
        else:
            self._operation(name, old[name], new[name])

    def _operation(self, name, old, new):
        key = ("operation", name)
        if old.action != new.action:
            self._add(
                "SOAPAction",
                "changed",
                name,
                "SOAPAction",
                [("wire", "the service finds the operation by it")],
                old=old.action,
                new=new.action,
                key=key,
            )
        if old.style != new.style:
            self._add(
                "operation",
                "changed",
                "",
                name,
                [("wire", "the body has another form")],
                aspect="style",
                old=old.style,
                new=new.style,
                key=key,
            )
        self._body(name, "request", old.input, new.input)
        self._body(name, "reply", old.output, new.output)
        self._headers(name, "request", old.input, new.input)
        if old.output and new.output:
            self._headers(name, "reply", old.output, new.output)
        self._faults(name, old, new)
        self._half_faults(name, old.faults, new.faults)

    def _body(self, name, direction, old, new):
        before, after = (end.body if end else None for end in (old, new))
        if before == after and bool(old) == bool(new):
            return
        wire = f"the {direction} is another element"
        if old is None or new is None:
            wire = f"there is {'a' if new else 'no'} {direction}"
        elif before is None or after is None:
            wire = f"the binding puts {'it' if after else 'nothing'} into the {direction}'s body"
        self._add(
            "operation",
            "changed",
            "",
            name,
            [("wire", wire), ("source", "its struct is another")],
            aspect=f"{direction} element",
            key=("operation", name),
            old=before and before.local,
            new=after and after.local,
        )

    def _headers(self, name, direction, old, new):
        for part in old.headers:
            if part not in new.headers:
                self._header_removed(name, direction, part)
        for part in new.headers:
            if part not in old.headers:
                self._header_added(name, direction, part)
        before = [part.local for part in old.headers if part in new.headers]
        after = [part.local for part in new.headers if part in old.headers]
        if before != after:
            self._add(
                "header part",
                "changed",
                name,
                f"{direction} headers",
                [("", "the order of header elements has no meaning")],
                aspect="order",
                old=", ".join(before),
                new=", ".join(after),
            )
        for action, ours, others in (("removed", old, new), ("added", new, old)):
            for part in ours.header_faults:
                if part not in others.header_faults:
                    self._add(
                        "header fault",
                        action,
                        name,
                        f"{direction} header fault {part.local}",
                        [("", "C callers do not read header faults")],
                    )

    def _header_removed(self, name, direction, part):
        wire = "old readers do not find it any more"
        if direction == "request":
            wire = "the service no longer reads it"
        effects = [("wire", wire)]
        if part not in self.new.request_headers | self.new.reply_headers:
            effects.append(("source", "no operation has it: its C member is gone"))
        self._add(
            "header part",
            "removed",
            name,
            f"{direction} header {part.local}",
            effects,
            key=("header", part),
        )

    def _header_added(self, name, direction, part):
        if direction == "reply":
            effect = ("", "old readers skip it")
        elif self.new.elements[part].nillable:
            effect = ("", "nillable: old callers leave it out")
        else:
            effect = ("wire", "not nillable: old callers do not send it")
        self._add("header part", "added", name, f"{direction} header {part.local}", [effect])

    def _faults(self, name, old, new):
        before, after = set(old.details()), set(new.details())
        for fault in sorted(before - after):
            if fault in {each.detail for each in new.faults}:
                meaning = "port type and binding no longer agree that the service throws it here"
            else:
                meaning = "the service no longer throws it here"
            effects = [("", meaning)]
            if fault not in self.new.faults:
                effects.append(("source", "no operation has it: its C member is gone"))
            self._add(
                "fault", "removed", name, f"fault {fault.local}", effects, key=("fault", fault)
            )
        for fault in sorted(after - before):
            meaning = "old readers get a fault without a detail that they know"
            if fault in self.old.faults:
                meaning = "old readers know its detail from other operations"
            self._add("fault", "added", name, f"fault {fault.local}", [("", meaning)])
        for fault in sorted(before & after):
            self._fault_body(name, fault, old.faults, new.faults)

    def _fault_body(self, name, fault, old, new):
        """Whether the binding says how a fault that both have travels."""
        ends = [[each.body for each in faults if each.detail == fault] for faults in (old, new)]
        if ends[0] == ends[1]:
            return
        self._add(
            "fault",
            "changed",
            name,
            f"fault {fault.local}",
            [("", "a reader takes the detail however it is bound")],
            aspect="soap:fault",
            old="literal" if all(ends[0]) else "none",
            new="literal" if all(ends[1]) else "none",
            key=("fault", fault),
        )

    def _half_faults(self, name, old, new):
        """Faults that port type and binding do not both have, and did not before."""

        def halves(faults):
            return {
                (each.detail.local, "declared but not bound")
                if each.detail
                else (each.name, "bound but not declared")
                for each in faults
                if not (each.detail and each.bound)
            }

        whole = {each.detail.local for each in (*old, *new) if each.detail and each.bound}
        for action, ours, others in (("removed", old, new), ("added", new, old)):
            for item, lack in sorted(halves(ours) - halves(others)):
                if item not in whole:
                    self._add("fault", action, name, f"fault {item}", [("", lack)])
