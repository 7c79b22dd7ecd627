"""Client links with zeep: GetUser, Add, Search, Update and a fault.

    BACM_CA_FILE=FILE zeep_client.py URL

Prints as JSON what zeep makes of the replies; test_interop.py says what that is.
"""

import json
import os
import sys

import requests
import zeep
from zeep.transports import Transport

ADAPI = "{https://adapi.microsoft.com}"
V13 = "/v13/" in sys.argv[1]
CLIENT_ID = "ClientEntityId" if V13 else "ClientAccountId"


def codes(partial_errors):
    """One entry a position: None, or the codes of its errors."""
    entries = partial_errors.ArrayOfOperationError if partial_errors else []
    return [[error.Code for error in entry.OperationError] or None for entry in entries]


def roles(user):
    return [role.RoleId for role in user.CustomerRoles.CustomerRole] if V13 else user.Roles["int"]


def headers(token):
    return {"AuthenticationToken": token, "DeveloperToken": "DEV-DEMO"}


def main():
    session = requests.Session()
    session.verify = os.environ["BACM_CA_FILE"]
    session.trust_env = False
    client = zeep.Client(sys.argv[1] + "?singleWsdl", transport=Transport(session=session))
    service = client.service
    agency = headers("AGENCY-ADMIN-TOKEN")

    user = service.GetUser(_soapheaders=agency)
    links = [{CLIENT_ID: account, "ManagingCustomerId": 2002002, "IsBillToClient": False}
             for account in (1001001, 1001025, 1001002, 1001021)]
    added = service.AddClientLinks(ClientLinks={"ClientLink": links}, _soapheaders=agency)
    found = service.SearchClientLinks(
        Predicates={"Predicate": [{"Field": "ClientAccountId", "Operator": "In",
                                   "Value": "1001001,1001002,1001025"}]},
        Ordering={"OrderBy": [{"Field": "Id", "Order": "Ascending"}]},
        PageInfo={"Index": 0, "Size": 100}, _soapheaders=agency).body.ClientLinks.ClientLink
    found[0].Status = "LinkCanceled"
    updates = [service.UpdateClientLinks(ClientLinks={"ClientLink": [found[0]]},
                                         _soapheaders=agency) for _ in range(2)]
    try:
        service.GetUser(_soapheaders=headers("WRONG"))
        fault = None
    except zeep.exceptions.Fault as error:
        fault = {"code": int(error.detail.findtext(f".//{ADAPI}Code")),
                 "tracked": bool(error.detail.findtext(f".//{ADAPI}TrackingId"))}
    print(json.dumps({
        "user": [user.body.User.Id, roles(user.body)],
        "tracked": bool(added.header.TrackingId),
        "added": codes(added.body.PartialErrors),
        "found": [[link[CLIENT_ID], link.Status if i else "LinkPending"]
                  for i, link in enumerate(found)],
        "updated": [codes(update.body.PartialErrors) for update in updates],
        "fault": fault,
    }))


main()
