// AddClientLinks with the npm package soap. Arguments as for the C clients, then the contract.
'use strict';

const fs = require('fs');
const https = require('https');
const path = require('path');

const folder = process.env.BENCH_NODE_MODULES;
const soap = require(path.join(folder, 'soap'));
const axios = require(path.join(folder, 'axios'));

const [operation, links, url, caFile, connection, calls, , wsdl] = process.argv.slice(2);
const CM = 'https://bingads.microsoft.com/Customer/v11';

function clientLinks() {
    return Array.from({length: Number(links)}, (_, i) => ({
        ClientAccountId: 1000001 + i,
        ManagingCustomerId: 2002002,
        Note: 'Please accept by Friday',
        Name: 'Spring campaign',
        InviterEmail: 'agency@example.com',
        InviterName: 'Example Agency',
        InviterPhone: '555-0100',
        IsBillToClient: true,
        StartDate: '2018-06-01T00:00:00',
        SuppressNotification: false,
    }));
}

async function run(client, count, request) {
    for (let i = 0; i < count; i++) {
        const [response] = await client.AddClientLinksAsync(request);
        if (!response || !('PartialErrors' in response)) {
            throw new Error('the reply was not understood');
        }
    }
}

async function main() {
    const agent = new https.Agent({keepAlive: connection === 'keep', ca: fs.readFileSync(caFile)});
    const client = await soap.createClientAsync(
        wsdl, {request: axios.create({httpsAgent: agent, proxy: false})}, url);
    client.addHttpHeader('Connection', connection === 'keep' ? 'keep-alive' : 'close');
    client.addSoapHeader({
        'cm:AuthenticationToken':
            'EwBwA8l6BAAUkj1NuJYtTVha4Mogk+HEiPbQo04AAc0FfBx8uNMHNsGMWYjXRnLq',
        'cm:DeveloperToken': 'DEVELOPERTOKEN01',
    }, '', 'cm', CM);
    const request = {ClientLinks: {ClientLink: clientLinks()}};
    await run(client, 3, request);
    const cpu = process.cpuUsage();
    const begun = process.hrtime.bigint();
    await run(client, Number(calls), request);
    const wall = Number(process.hrtime.bigint() - begun) / 1e9;
    const used = process.cpuUsage(cpu);
    console.log(JSON.stringify({calls: Number(calls), wall, user: used.user / 1e6,
                                system: used.system / 1e6}));
    agent.destroy();
}

main().catch((error) => {
    console.error(String(error));
    process.exit(1);
});
