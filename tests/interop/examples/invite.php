<?php
$client = new SoapClient(getenv('BACM_SIM_URL') . '?singleWsdl', [
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS,
    'stream_context' => stream_context_create(['ssl' => ['cafile' => getenv('BACM_CA_FILE')]]),
]);
$cm = 'https://bingads.microsoft.com/Customer/v11';
$client->__setSoapHeaders([new SoapHeader($cm, 'DeveloperToken', 'DEV-DEMO'),
                           new SoapHeader($cm, 'AuthenticationToken', 'AGENCY-ADMIN-TOKEN')]);
$accounts = [1001001, 1001025];
$links = array_map(fn($id) => ['ClientAccountId' => $id, 'ManagingCustomerId' => 2002002], $accounts);
$reply = $client->AddClientLinks(['ClientLinks' => ['ClientLink' => $links]]);
foreach ($reply->PartialErrors->ArrayOfOperationError as $i => $entry) {
    $codes = array_map(fn($error) => $error->Code, $entry->OperationError ?? []);
    echo $accounts[$i], ' ', $codes ? json_encode($codes) : 'invited', "\n";
}
