import os
import requests, zeep

session = requests.Session()
session.verify = os.environ["BACM_CA_FILE"]
client = zeep.Client(os.environ["BACM_SIM_URL"] + "?singleWsdl",
                     transport=zeep.Transport(session=session))
links = [{"ClientAccountId": account, "ManagingCustomerId": 2002002}
         for account in (1001001, 1001025)]
reply = client.service.AddClientLinks(
    ClientLinks={"ClientLink": links},
    _soapheaders={"DeveloperToken": "DEV-DEMO", "AuthenticationToken": "AGENCY-ADMIN-TOKEN"})
for link, entry in zip(links, reply.body.PartialErrors.ArrayOfOperationError, strict=True):
    errors = [error.Code for error in entry.OperationError]
    print(link["ClientAccountId"], errors or "invited")
