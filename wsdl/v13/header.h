// Hand-written addition to what wsdl2h makes, read by soapcpp2 first.
//
// The documented request starts its header with
//   <Action mustUnderstand="1">AddClientLinks</Action>
// with an unqualified attribute. The WSDL does not declare that part, so it is
// added to the header structure here; soapcpp2 merges mutable structs, and the
// members of the first declaration come first on the wire. The trailing
// underscore (dropped in the XML name) is there because mustUnderstand is a
// keyword of soapcpp2.

//gsoap cm    schema namespace:	https://bingads.microsoft.com/Customer/v13
//gsoap cm    schema elementForm:	qualified
//gsoap cm    schema attributeForm:	unqualified

struct _cm__Action
{
    char* __item;
 @  char* mustUnderstand_;
};

mutable struct SOAP_ENV__Header
{
    struct _cm__Action* cm__Action;
};

