"""Client links with suds: GetUser, Add, Search, Update and a fault.

    BACM_CA_FILE=FILE suds_client.py URL

Prints as JSON what suds makes of the replies; test_interop.py says what that is.
"""

import json
import os
import ssl
import sys
import urllib.request

from suds import WebFault
from suds.client import Client
from suds.sax.element import Element
from suds.transport.http import HttpTransport

V13 = "/v13/" in sys.argv[1]
CM = "https://bingads.microsoft.com/Customer/" + ("v13" if V13 else "v11")
CLIENT_ID = "ClientEntityId" if V13 else "ClientAccountId"
ENT = CM + "/Entities"


class VerifyingTransport(HttpTransport):
    """The stock transport with a private authority."""

    def u2handlers(self):
        context = ssl.create_default_context(cafile=os.environ["BACM_CA_FILE"])
        return [*super().u2handlers(), urllib.request.HTTPSHandler(context=context)]


def codes(partial_errors):
    """One entry a position, as suds counts them: None, or the codes of its errors."""
    entries = partial_errors.ArrayOfOperationError if partial_errors else []
    return [[error.Code for error in entry.OperationError] if entry else None
            for entry in entries]


def roles(user):
    return [role.RoleId for role in user.CustomerRoles.CustomerRole] if V13 else user.Roles.int


def headers(token):
    return [Element(name, ns=("cm", CM)).setText(value)
            for name, value in (("AuthenticationToken", token), ("DeveloperToken", "DEV-DEMO"))]


def make(client, kind, **values):
    made = client.factory.create(f"{{{ENT}}}{kind}")
    for name, value in values.items():
        setattr(made, name, value)
    return made


def main():
    client = Client(sys.argv[1] + "?singleWsdl", cache=None, transport=VerifyingTransport())
    client.set_options(soapheaders=headers("AGENCY-ADMIN-TOKEN"))
    service = client.service

    user = service.GetUser()
    links = make(client, "ArrayOfClientLink", ClientLink=[
        make(client, "ClientLink", **{CLIENT_ID: account}, ManagingCustomerId=2002002,
             IsBillToClient=False, Status=None)
        for account in (1001001, 1001025, 1001002, 1001021)])
    added = service.AddClientLinks(ClientLinks=links)
    found = service.SearchClientLinks(
        Predicates=make(client, "ArrayOfPredicate", Predicate=[
            make(client, "Predicate", Field="ClientAccountId", Operator="In",
                 Value="1001001,1001002,1001025")]),
        Ordering=make(client, "ArrayOfOrderBy", OrderBy=[
            make(client, "OrderBy", Field="Id", Order="Ascending")]),
        PageInfo=make(client, "Paging", Index=0, Size=100)).ClientLink
    states = [[getattr(link, CLIENT_ID), link.Status] for link in found]
    found[0].Status = "LinkCanceled"
    updates = [service.UpdateClientLinks(
        ClientLinks=make(client, "ArrayOfClientLink", ClientLink=[found[0]])) for _ in range(2)]
    client.set_options(soapheaders=headers("WRONG"))
    try:
        service.GetUser()
        fault = None
    except WebFault as error:
        detail = error.fault.detail.AdApiFaultDetail
        # Not decoded by the schema: one error is no list, and its code is text.
        fault = {"code": int(detail.Errors.AdApiError.Code),
                 "tracked": bool(detail.TrackingId)}
    print(json.dumps({
        "user": [user.User.Id, roles(user)],
        "added": codes(added.PartialErrors),
        "found": states,
        "updated": [codes(update.PartialErrors) if update else None for update in updates],
        "fault": fault,
    }))


main()
