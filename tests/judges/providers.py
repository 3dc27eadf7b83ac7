"""Identity providers that an account trusts, and roles for those whom they vouch for.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
"""

import base64
import datetime
import json
import time

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from judges.world import ONCE, allow, fresh, refused, trust

WEB = "sts:AssumeRoleWithWebIdentity"
SAML = "sts:AssumeRoleWithSAML"


def _anonymous(world):
    """STS for somebody without keys."""
    return boto3.Session().client(
        "sts",
        region_name=world.region,
        endpoint_url=world.endpoint,
        config=ONCE.merge(Config(signature_version=UNSIGNED)),
    )


def oidc_providers(world):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html"""
    url = f"https://{fresh('oidc')}.example.com/tenant"
    made = {"Url": url, "ClientIDList": ["one"], "Tags": [{"Key": "team", "Value": "red"}]}
    arn = world.iam.create_open_id_connect_provider(**made)["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{world.account}:oidc-provider/{url.removeprefix('https://')}", arn
    refused("EntityAlreadyExists", world.iam.create_open_id_connect_provider, status=409, **made)
    refused("ValidationError", world.iam.create_open_id_connect_provider, status=400, Url="http://example.com")
    named = {"OpenIDConnectProviderArn": arn}
    world.iam.add_client_id_to_open_id_connect_provider(ClientID="two", **named)
    world.iam.remove_client_id_from_open_id_connect_provider(ClientID="one", **named)
    found = world.iam.get_open_id_connect_provider(**named)
    assert (found["Url"], found["ClientIDList"]) == (url.removeprefix("https://"), ["two"]), found
    assert found["Tags"] == made["Tags"], found
    listed = world.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert {"Arn": arn} in listed, listed
    for _ in range(2):
        world.iam.delete_open_id_connect_provider(**named)
    refused("NoSuchEntity", world.iam.get_open_id_connect_provider, status=404, **named)
    refused("AccessDenied", world.user().client("iam").get_open_id_connect_provider, status=403, **named)


def _metadata(entity):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.com")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    certificate = "\n".join(base64.encodebytes(certificate).decode().split())
    return f"""<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
      <X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{entity}/post"/>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="{entity}/redirect"/>
  </IDPSSODescriptor>
</EntityDescriptor>"""


def saml_providers(world):
    """https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateSAMLProvider.html"""
    name, first, second = fresh("saml"), _metadata("https://one.example.com"), _metadata("https://two.example.com")
    made = {"Name": name, "SAMLMetadataDocument": first}
    arn = world.iam.create_saml_provider(**made)["SAMLProviderArn"]
    assert arn == f"arn:aws:iam::{world.account}:saml-provider/{name}", arn
    refused("EntityAlreadyExists", world.iam.create_saml_provider, status=409, **made)
    create = {"Name": fresh("saml")}
    refused("ValidationError", world.iam.create_saml_provider, status=400, SAMLMetadataDocument="<x/>", **create)
    text = "Could not parse metadata"
    wrong = {"SAMLMetadataDocument": f"<x>{' ' * 1000}</x>"} | create
    refused("InvalidInput", world.iam.create_saml_provider, status=400, text=text, **wrong)
    assert world.iam.get_saml_provider(SAMLProviderArn=arn)["SAMLMetadataDocument"] == first
    world.iam.update_saml_provider(SAMLProviderArn=arn, SAMLMetadataDocument=second)
    found = world.iam.get_saml_provider(SAMLProviderArn=arn)
    assert found["SAMLMetadataDocument"] == second and found["ValidUntil"] > found["CreateDate"], found
    assert arn in [one["Arn"] for one in world.iam.list_saml_providers()["SAMLProviderList"]]
    world.iam.delete_saml_provider(SAMLProviderArn=arn)
    for call in (world.iam.get_saml_provider, world.iam.delete_saml_provider):
        refused("NoSuchEntity", call, status=404, SAMLProviderArn=arn)


def what_is_no_token_opens_nothing(world):
    show = _anonymous(world).assume_role_with_web_identity
    role = world.role(trust({"Federated": "accounts.google.com"}, actions=WEB))
    call = {"RoleArn": role, "RoleSessionName": "me"}
    refused("ValidationError", show, status=400, **call)
    refused("ValidationError", show, status=400, WebIdentityToken="abc", **call)
    text = "The ID Token provided is not a valid JWT"
    refused("InvalidIdentityToken", show, status=400, text=text, **call, WebIdentityToken="abcd")
    token = _token(ec.generate_private_key(ec.SECP256R1()), "https://nobody.example.com")
    text = "No OpenIDConnect provider found in your account for https://nobody.example.com"
    refused("InvalidIdentityToken", show, status=400, text=text, **call, WebIdentityToken=token)


def what_is_no_response_opens_nothing(world):
    sts, name = _anonymous(world), fresh("saml")
    arn = f"arn:aws:iam::{world.account}:saml-provider/{name}"
    role = world.role(trust({"Federated": arn}, actions=SAML))
    call = {"RoleArn": role, "PrincipalArn": arn}
    refused("ValidationError", sts.assume_role_with_saml, status=400, **call)
    text = "Specified provider doesn't exist"
    refused("InvalidIdentityToken", sts.assume_role_with_saml, status=400, text=text, SAMLAssertion="PHgvPg==", **call)
    world.iam.create_saml_provider(Name=name, SAMLMetadataDocument=_metadata("https://one.example.com"))
    text = "Invalid base64 SAMLResponse"
    refused("InvalidIdentityToken", sts.assume_role_with_saml, status=400, text=text, SAMLAssertion="no base64", **call)
    refused("InvalidIdentityToken", sts.assume_role_with_saml, status=400, SAMLAssertion="PHgvPg==", **call)


def _token(key, issuer, **claims):
    now = int(time.time())
    claims = {"iss": issuer, "aud": "judge", "sub": "James", "iat": now, "exp": now + 600} | claims
    part = lambda data: base64.urlsafe_b64encode(data).rstrip(b"=")  # noqa: E731
    head = part(json.dumps({"alg": "ES256", "kid": "own"}).encode()) + b"." + part(json.dumps(claims).encode())
    numbers = decode_dss_signature(key.sign(head, ec.ECDSA(hashes.SHA256())))
    return (head + b"." + part(b"".join(one.to_bytes(32, "big") for one in numbers))).decode()


class Issuer:
    """An OIDC provider whose private key (PKCS #8, P-256, DER) is at hand."""

    def __init__(self, url, path):
        self.url, self.host = url, url.removeprefix("https://")
        with open(path, "rb") as file:
            self.key = serialization.load_der_private_key(file.read(), None)

    def role(self, world, condition=None, actions=WEB):
        arn = f"arn:aws:iam::{world.account}:oidc-provider/{self.host}"
        if {"Arn": arn} not in world.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
            world.iam.create_open_id_connect_provider(Url=self.url, ClientIDList=["judge"])
        return world.role(trust({"Federated": arn}, condition, actions=actions), may=[allow("s3:*")])

    def show(self, world, role, **claims):
        call = _anonymous(world).assume_role_with_web_identity
        token = _token(self.key, self.url, **claims)
        return call(RoleArn=role, RoleSessionName="me", WebIdentityToken=token, DurationSeconds=900)

    def refused(self, world, role, code, text=None, **claims):
        refused(code, lambda: self.show(world, role, **claims), text=text)


def web_identities(world, issuer):
    """One check: a sandbox has one such issuer, and makes its provider once."""
    role = issuer.role(world, {"StringEquals": {f"{issuer.host}:aud": "judge", f"{issuer.host}:sub": "James"}})
    answer = issuer.show(world, role)
    assert answer["SubjectFromWebIdentityToken"] == "James" and answer["Audience"] == "judge", answer
    left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.timezone.utc)
    assert answer["Provider"] == issuer.url and 800 < left.total_seconds() <= 960, answer
    session = world.session(answer)
    session.client("s3").list_buckets()
    assert session.sts.get_caller_identity()["Arn"] == session.arn
    text = f"Not authorized to perform {WEB}"
    issuer.refused(world, role, "AccessDenied", text, sub="Mary")
    issuer.refused(world, world.role(trust("*")), "AccessDenied", text)
    issuer.refused(world, role, "InvalidIdentityToken", "Incorrect token audience", aud="another")
    issuer.refused(world, role, "InvalidIdentityToken", "Incorrect token audience", azp="another")
    issuer.refused(world, role, "ExpiredTokenException", "Token expired: current date/time ", exp=int(time.time()) - 1)
    tags = {"principal_tags": {"team": ["red"]}, "transitive_tag_keys": ["team"]}
    claims = {"https://aws.amazon.com/tags": tags, "https://aws.amazon.com/source_identity": "James"}
    issuer.refused(world, role, "AccessDenied", "Not authorized to perform sts:TagSession", **claims)
    role = issuer.role(world, actions=[WEB, "sts:TagSession", "sts:SetSourceIdentity"])
    answer = issuer.show(world, role, **claims)
    assert answer["SourceIdentity"] == "James" and answer["PackedPolicySize"] > 0, answer
    red = trust(role, {"StringEquals": {"aws:PrincipalTag/team": "red", "aws:SourceIdentity": "James"}},
                actions=["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])
    world.session(answer).assume(world.role(red))
