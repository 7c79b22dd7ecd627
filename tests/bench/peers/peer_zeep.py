"""AddClientLinks with zeep, over a session that keeps its connection."""

import sys

import requests
import zeep
from zeep.transports import Transport

import peer
from fixtures import ACCESS_TOKEN, DEVELOPER_TOKEN

job = peer.Job(sys.argv[1:])
session = requests.Session()
session.verify = job.ca_file
session.trust_env = False
client = zeep.Client(job.wsdl, transport=Transport(session=session))
binding = next(iter(client.wsdl.bindings))
service = client.create_service(binding, job.url)
header = {"AuthenticationToken": ACCESS_TOKEN, "DeveloperToken": DEVELOPER_TOKEN}
links = {"ClientLink": job.client_links()}


def call():
    response = service.AddClientLinks(ClientLinks=links, _soapheaders=header)
    return len(response.body.PartialErrors.ArrayOfOperationError)


peer.measure(job, call, {job.links})
