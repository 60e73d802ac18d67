// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "certificate.h"
#include "stream.h"

namespace chatvim::standin {

// The server's side of TLS: one certificate, and one protocol by ALPN (clients that do not offer
// HTTP/2 get HTTP/1.1). Shared by all connections.
class TlsContext {
 public:
  // Reads a certificate chain and key from PEM files; on failure returns null and sets `error`.
  static std::unique_ptr<TlsContext> from_files(const std::string& cert, const std::string& key,
                                                Protocol protocol, std::string& error);
  // Uses a generated certificate; on failure returns null and sets `error`.
  static std::unique_ptr<TlsContext> from_certificate(const Certificate& certificate,
                                                      Protocol protocol, std::string& error);

  // Returns a TLS stream over the connected socket `fd`, of which it takes ownership.
  std::shared_ptr<Stream> wrap(int fd) const;

 private:
  explicit TlsContext(Protocol protocol);

  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

// Returns OpenSSL's message about its last failure.
std::string openssl_error();

}  // namespace chatvim::standin
