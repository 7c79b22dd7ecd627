<?php
// AddClientLinks with PHP's SoapClient. Arguments as for the C clients, then the contract.
[, $operation, $links, $url, $ca_file, $connection, $calls, , $wsdl] = $argv;

const CM = 'https://bingads.microsoft.com/Customer/v11';

$link = [
    'ManagingCustomerId' => 2002002,
    'Note' => 'Please accept by Friday',
    'Name' => 'Spring campaign',
    'InviterEmail' => 'agency@example.com',
    'InviterName' => 'Example Agency',
    'InviterPhone' => '555-0100',
    'IsBillToClient' => true,
    'StartDate' => '2018-06-01T00:00:00',
    'SuppressNotification' => false,
];
$request = ['ClientLinks' => ['ClientLink' => []]];
for ($i = 0; $i < $links; $i++) {
    $request['ClientLinks']['ClientLink'][] = ['ClientAccountId' => 1000001 + $i] + $link;
}
$client = new SoapClient($wsdl, [
    'location' => $url,
    'cache_wsdl' => WSDL_CACHE_MEMORY,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'keep_alive' => $connection === 'keep',
    'stream_context' => stream_context_create(['ssl' => ['cafile' => $ca_file]]),
]);
$client->__setSoapHeaders([
    new SoapHeader(CM, 'AuthenticationToken',
                   'EwBwA8l6BAAUkj1NuJYtTVha4Mogk+HEiPbQo04AAc0FfBx8uNMHNsGMWYjXRnLq'),
    new SoapHeader(CM, 'DeveloperToken', 'DEVELOPERTOKEN01'),
]);

function run(SoapClient $client, array $request, int $calls, int $links): void
{
    for ($i = 0; $i < $calls; $i++) {
        $response = $client->AddClientLinks($request);
        $count = count($response->PartialErrors->ArrayOfOperationError);
        if ($count !== $links) {
            fwrite(STDERR, "a reply with $links links was understood as $count\n");
            exit(1);
        }
    }
}

function cpu(string $kind): float
{
    $usage = getrusage();
    return $usage["ru_$kind.tv_sec"] + $usage["ru_$kind.tv_usec"] / 1e6;
}

run($client, $request, 3, (int)$links);
$user = cpu('utime');
$system = cpu('stime');
$begun = hrtime(true);
run($client, $request, (int)$calls, (int)$links);
echo json_encode(['calls' => (int)$calls, 'wall' => (hrtime(true) - $begun) / 1e9,
                  'user' => cpu('utime') - $user, 'system' => cpu('stime') - $system]), "\n";
