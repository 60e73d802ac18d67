// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chatvim::standin {

// A self-signed certificate and its key; it is its own certificate authority.
struct Certificate {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{nullptr, &EVP_PKEY_free};
  std::unique_ptr<X509, decltype(&X509_free)> x509{nullptr, &X509_free};
};

// Makes a certificate for `names` (DNS names or IP addresses), valid for 30 days from now, or, if
// `expired`, until an hour ago; returns nothing if OpenSSL fails.
std::optional<Certificate> make_certificate(const std::vector<std::string>& names, bool expired);

// Writes the certificate, without its key, as PEM; returns false if the file cannot be written.
bool write_certificate(const Certificate& certificate, const std::string& path);

}  // namespace chatvim::standin
