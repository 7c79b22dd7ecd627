<?php
// Client links with PHP's SoapClient: GetUser, Add, Search, Update and a fault.
//
//     BACM_CA_FILE=FILE php client.php URL
//
// Prints as JSON what SoapClient makes of the replies; test_interop.py says what that is.

define('V13', str_contains($argv[1], '/v13/'));
define('CM', 'https://bingads.microsoft.com/Customer/' . (V13 ? 'v13' : 'v11'));
define('CLIENT_ID', V13 ? 'ClientEntityId' : 'ClientAccountId');

function headers(string $token): array
{
    return [new SoapHeader(CM, 'AuthenticationToken', $token),
            new SoapHeader(CM, 'DeveloperToken', 'DEV-DEMO')];
}

// One entry a position: null, or the codes of its errors.
function codes(object $response): array
{
    return array_map(fn($entry) => empty($entry->OperationError) ? null
                         : array_map(fn($error) => $error->Code, $entry->OperationError),
                     $response->PartialErrors->ArrayOfOperationError ?? []);
}

$client = new SoapClient($argv[1] . '?singleWsdl', [
    'cache_wsdl' => WSDL_CACHE_NONE,
    'features' => SOAP_SINGLE_ELEMENT_ARRAYS, // else one element is no array
    'stream_context' => stream_context_create(['ssl' => ['cafile' => getenv('BACM_CA_FILE')]]),
]);
$client->__setSoapHeaders(headers('AGENCY-ADMIN-TOKEN'));

$user = $client->GetUser([]);
$roles = V13 ? array_map(fn($role) => $role->RoleId, $user->CustomerRoles->CustomerRole)
             : $user->Roles->int;
$links = array_map(fn($account) => [CLIENT_ID => $account, 'ManagingCustomerId' => 2002002,
                                     'IsBillToClient' => false],
                   [1001001, 1001025, 1001002, 1001021]);
$reply_headers = [];
$added = $client->__soapCall('AddClientLinks', [['ClientLinks' => ['ClientLink' => $links]]],
                             null, null, $reply_headers);
$found = $client->SearchClientLinks([
    'Predicates' => ['Predicate' => [['Field' => 'ClientAccountId', 'Operator' => 'In',
                                      'Value' => '1001001,1001002,1001025']]],
    'Ordering' => ['OrderBy' => [['Field' => 'Id', 'Order' => 'Ascending']]],
    'PageInfo' => ['Index' => 0, 'Size' => 100],
])->ClientLinks->ClientLink;
$states = array_map(fn($link) => [$link->{CLIENT_ID}, $link->Status], $found);
$found[0]->Status = 'LinkCanceled';
$updated = [];
for ($i = 0; $i < 2; $i++) {
    $updated[] = codes($client->UpdateClientLinks(['ClientLinks' => ['ClientLink' => [$found[0]]]]));
}
$fault = null;
$client->__setSoapHeaders(headers('WRONG'));
try {
    $client->GetUser([]);
} catch (SoapFault $error) {
    $detail = $error->detail->AdApiFaultDetail;
    // Not decoded by the schema: one error is no array, and its code is text.
    $fault = ['code' => (int)$detail->Errors->AdApiError->Code,
              'tracked' => !empty($detail->TrackingId)];
}
echo json_encode([
    'user' => [$user->User->Id, $roles],
    'tracked' => !empty($reply_headers['TrackingId']),
    'added' => codes($added),
    'found' => $states,
    'updated' => $updated,
    'fault' => $fault,
]), "\n";
