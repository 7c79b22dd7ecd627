// Client links with the npm package soap: GetUser, Add, Search, Update and a fault.
//
//     BACM_CA_FILE=FILE NODE_MODULES=FOLDER node client.js URL
//
// Prints as JSON what it makes of the replies; test_interop.py says what that is.
'use strict';

const fs = require('fs');
const https = require('https');
const path = require('path');

const soap = require(path.join(process.env.NODE_MODULES, 'soap'));
const axios = require(path.join(process.env.NODE_MODULES, 'axios'));

const VERSION = process.argv[2].includes('/v13/') ? 'v13' : 'v11';
const CM = 'https://bingads.microsoft.com/Customer/' + VERSION;
const CLIENT_ID = VERSION === 'v11' ? 'ClientAccountId' : 'ClientEntityId';

const list = (value) => (value === undefined || value === null ? [] : [].concat(value));

// One entry a position, as the package counts them: null, or the codes of its errors.
function codes(response) {
    const entries = list(response && response.PartialErrors &&
                         response.PartialErrors.ArrayOfOperationError);
    return entries.map((entry) => {
        const errors = list(entry && entry.OperationError);
        return errors.length ? errors.map((error) => error.Code) : null;
    });
}

function roles(user) {
    return VERSION === 'v11' ? list(user.Roles.int).map(Number)
        : list(user.CustomerRoles.CustomerRole).map((role) => Number(role.RoleId));
}

// A link to send back: the package reads dates as Date objects, of which the service wants no
// zone, and nil elements as objects without a value, which it would send as empty elements.
function asReceived(link) {
    const values = Object.entries(link).map(([name, value]) => [
        name, value instanceof Date ? value.toISOString().replace('Z', '') : value]);
    return Object.fromEntries(values.filter(([, value]) => typeof value !== 'object'));
}

function setToken(client, token) {
    client.clearSoapHeaders();
    client.addSoapHeader({'cm:AuthenticationToken': token, 'cm:DeveloperToken': 'DEV-DEMO'},
                         '', 'cm', CM);
}

async function main() {
    const agent = new https.Agent({ca: fs.readFileSync(process.env.BACM_CA_FILE)});
    const client = await soap.createClientAsync(
        process.argv[2] + '?singleWsdl', {request: axios.create({httpsAgent: agent, proxy: false})});
    setToken(client, 'AGENCY-ADMIN-TOKEN');

    const [user] = await client.GetUserAsync({});
    const links = [1001001, 1001025, 1001002, 1001021].map(
        (account) => ({[CLIENT_ID]: account, ManagingCustomerId: 2002002,
                       IsBillToClient: false}));
    const [added, , headers] = await client.AddClientLinksAsync(
        {ClientLinks: {ClientLink: links}});
    const [page] = await client.SearchClientLinksAsync({
        Predicates: {Predicate: [{Field: 'ClientAccountId', Operator: 'In',
                                  Value: '1001001,1001002,1001025'}]},
        Ordering: {OrderBy: [{Field: 'Id', Order: 'Ascending'}]},
        PageInfo: {Index: 0, Size: 100},
    });
    const found = page.ClientLinks.ClientLink;
    const states = found.map((link) => [Number(link[CLIENT_ID]), link.Status]);
    const link = {...asReceived(found[0]), Status: 'LinkCanceled'};
    const updated = [];
    for (let i = 0; i < 2; i++) {
        const [response] = await client.UpdateClientLinksAsync({ClientLinks: {ClientLink: [link]}});
        updated.push(codes(response));
    }
    let fault = null;
    setToken(client, 'WRONG');
    try {
        await client.GetUserAsync({});
    } catch (error) {
        const detail = error.root.Envelope.Body.Fault.detail.AdApiFaultDetail;
        fault = {code: Number(list(detail.Errors.AdApiError)[0].Code),
                 tracked: Boolean(detail.TrackingId)};
    }
    console.log(JSON.stringify({
        user: [Number(user.User.Id), roles(user)],
        tracked: Boolean(headers && headers.TrackingId),
        added: codes(added),
        found: states,
        updated,
        fault,
    }));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
