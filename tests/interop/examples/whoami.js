const soap = require('soap');

soap.createClientAsync(process.env.BACM_SIM_URL + '?singleWsdl').then(async (client) => {
    client.addSoapHeader({'cm:DeveloperToken': 'DEV-DEMO', 'cm:AuthenticationToken': 'AGENCY-ADMIN-TOKEN'},
                         '', 'cm', 'https://bingads.microsoft.com/Customer/v11');
    const [reply] = await client.GetUserAsync({});
    console.log(reply.User.UserName, reply.Roles.int);
});
