// SPDX-License-Identifier: Apache-2.0
#include "certificate.h"

#include <arpa/inet.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>

namespace chatvim::standin {
namespace {

constexpr long kClockSlack = 60;  // seconds
constexpr long kLifetime = 30L * 24 * 3600;
constexpr long kExpiredFor = 3600;

bool is_address(const std::string& name) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, name.c_str(), bytes) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

bool add_extension(X509* x509, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, x509, x509, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) return false;
  const bool added = X509_add_ext(x509, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

// The serial number is random, so that a client never sees two certificates with the same number.
void set_identity(X509* x509, const std::string& common_name, bool expired) {
  unsigned char serial[8];
  RAND_bytes(serial, sizeof serial);
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
  BN_free(number);
  X509_gmtime_adj(X509_getm_notBefore(x509), expired ? -kLifetime : -kClockSlack);
  X509_gmtime_adj(X509_getm_notAfter(x509), expired ? -kExpiredFor : kLifetime);
  X509_NAME* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(x509, name);
}

}  // namespace

std::optional<Certificate> make_certificate(const std::vector<std::string>& names, bool expired) {
  Certificate made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.x509.reset(X509_new());
  if (!made.key || !made.x509 || names.empty()) return std::nullopt;
  X509* x509 = made.x509.get();
  X509_set_version(x509, 2);
  set_identity(x509, names.front(), expired);
  X509_set_pubkey(x509, made.key.get());
  std::string alternatives;
  for (const std::string& name : names) {
    if (!alternatives.empty()) alternatives += ',';
    alternatives += (is_address(name) ? "IP:" : "DNS:") + name;
  }
  if (!add_extension(x509, NID_basic_constraints, "critical,CA:TRUE") ||
      !add_extension(x509, NID_key_usage, "critical,digitalSignature,keyCertSign") ||
      !add_extension(x509, NID_subject_key_identifier, "hash") ||
      !add_extension(x509, NID_subject_alt_name, alternatives) ||
      X509_sign(x509, made.key.get(), EVP_sha256()) == 0) {
    return std::nullopt;
  }
  return made;
}

bool write_certificate(const Certificate& certificate, const std::string& path) {
  const std::unique_ptr<FILE, decltype(&fclose)> file(fopen(path.c_str(), "w"), &fclose);
  return file && PEM_write_X509(file.get(), certificate.x509.get()) == 1 && fflush(file.get()) == 0;
}

}  // namespace chatvim::standin
