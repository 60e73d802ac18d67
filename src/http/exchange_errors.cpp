// SPDX-License-Identifier: Apache-2.0
// How a failed exchange is explained to the user.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "address.hpp"
#include "chatvim/loop/system.hpp"
#include "coding.hpp"
#include "exchange.hpp"

namespace chatvim::http {

Error Exchange::explain(CURLcode code) const {
  const std::string host = address_of(request_.url).host;
  const std::string detail = error_text_[0] ? error_text_ : curl_easy_strerror(code);
  const Address proxy = address_of(request_.proxy);
  const std::string proxy_words = proxy.host.empty() ? "proxy" : "proxy " + proxy.text();
  constexpr std::string_view kProxySettings =
      "See the setting proxy and the variables http_proxy, https_proxy, all_proxy and no_proxy.";
  long tunnel_status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
  if (tunnel_status == 401 || tunnel_status == 407) {
    return {ErrorCode::kConnect,
            fmt::format("The {} wants another user name or password (status {}): write them "
                        "before its host, as in NAME:PASSWORD@HOST. {}",
                        proxy_words, tunnel_status, kProxySettings)};
  }
  if (tunnel_status >= 300) {
    return {ErrorCode::kConnect, fmt::format("The {} does not connect to {} (status {}). {}",
                                             proxy_words, host, tunnel_status, kProxySettings)};
  }
  if (head_bytes_ > kMostHeaderBytes) {
    return {ErrorCode::kProtocol, fmt::format("The server at {} sent more than {} KiB of headers.",
                                              host, kMostHeaderBytes / 1024)};
  }
  if (refused_ || code == CURLE_BAD_CONTENT_ENCODING) return explain_coding(host, detail);
  constexpr int kTooLarge = 100;  // CURLE_TOO_LARGE in libcurl 8.6
  const bool in_head = connected_ && !head_told_;
  if (in_head && (code == CURLE_OUT_OF_MEMORY || static_cast<int>(code) == kTooLarge)) {
    return {ErrorCode::kProtocol,
            fmt::format("The server at {} sent a header line that does not end.", host)};
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorCode::kConnect,
              fmt::format("The host {} is not known; check base_url and the network.", host)};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorCode::kConnect,
              fmt::format("The proxy for {} is not known ({}).", host, detail)};
    case CURLE_COULDNT_CONNECT:
      // libcurl names the host and port that it could not reach; if they are not the server's, they
      // are a proxy's.
      if (detail.find(host) == std::string::npos ||
          (!proxy.host.empty() &&
           detail.find(proxy.host + " port " + proxy.port) != std::string::npos)) {
        return {ErrorCode::kConnect,
                fmt::format("No connection to {} through the {}: {}. {}", request_.url, proxy_words,
                            detail, kProxySettings)};
      }
      return {ErrorCode::kConnect,
              fmt::format("No connection to {}: {}. Is the server running, and base_url right?",
                          request_.url, detail)};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::kTimeout,
              fmt::format("No connection to {} within {:g} seconds (connect_timeout).", host,
                          request_.connect_timeout)};
    case CURLE_SSL_CACERT_BADFILE:
      return explain_bad_file(detail);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
      return explain_tls(code, host, detail);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      if (connected_) {  // a response arrived that does not even start with a status line
        return {ErrorCode::kProtocol,
                fmt::format("The server at {} does not speak HTTP; check base_url.", host)};
      }
      return {ErrorCode::kBadConfig,
              fmt::format("The address {} is not one that can be used: {}.", request_.url, detail)};
    default:
      return explain_break(code, host, detail);
  }
}

Error Exchange::explain_coding(const std::string& host, const std::string& detail) const {
  std::string problem = coding_problem(head_);
  // If there are too many codings, libcurl fails at the header, which is then missing from `head_`.
  if (problem.empty() && detail.find("content encodings") != std::string::npos)
    problem = "is compressed more than once";
  return {ErrorCode::kProtocol,
          fmt::format("Switch off compression in the server at {}, or in the proxy before it: its "
                      "answer {}.",
                      host, problem.empty() ? "cannot be decompressed (" + detail + ")" : problem)};
}

Error Exchange::explain_bad_file(const std::string& detail) const {
  if (!request_.ca_file.empty()) {
    return {ErrorCode::kTls,
            fmt::format("The certificates in {} cannot be read: {}. Set ca_file to a PEM file.",
                        request_.ca_file, detail)};
  }
  if (trusted_.file_variable.empty()) {
    return {ErrorCode::kTls,
            fmt::format("Repair the system's certificates, or set SSL_CERT_FILE to a PEM file: {}.",
                        detail)};
  }
  return {ErrorCode::kTls,
          fmt::format("Set {} to a PEM file, or unset it: the certificates in {} cannot be read.",
                      trusted_.file_variable, trusted_.file)};
}

namespace {

/// Returns the first folder in a colon-separated list that does not exist, or "".
std::string missing_folder(std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    const std::string folder(list.substr(0, end));
    if (!folder.empty() && !loop::is_folder(folder)) return folder;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return {};
}

}  // namespace

/// Gives advice that depends on what is wrong with the certificate, if OpenSSL reports it.
Error Exchange::explain_tls(CURLcode code, const std::string& host,
                            const std::string& detail) const {
  // X509_V_ERR_: UNABLE_TO_GET_ISSUER_CERT, DEPTH_ZERO_SELF_SIGNED_CERT,
  // SELF_SIGNED_CERT_IN_CHAIN, UNABLE_TO_GET_ISSUER_CERT_LOCALLY, UNABLE_TO_VERIFY_LEAF_SIGNATURE
  constexpr std::array<long, 5> kUntrusted = {2, 18, 19, 20, 21};
  constexpr long kNotYetValid = 9;  // X509_V_ERR_CERT_NOT_YET_VALID
  constexpr long kExpired = 10;     // X509_V_ERR_CERT_HAS_EXPIRED
  long verified = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
  std::string_view advice = "For a private CA set ca_file in the provider's table of config.md.";
  if (detail.find("wrong version number") != std::string::npos) {
    advice = "The server may not support TLS; base_url must then begin with http://.";
  } else if (verified == kExpired || verified == kNotYetValid) {
    advice = "Its certificate, or the clock of this machine, is out of date.";
  } else if (code == CURLE_PEER_FAILED_VERIFICATION &&
             detail.find("subject name") != std::string::npos) {
    advice = "Its certificate is another host's: check base_url.";
  }
  const bool is_untrusted =
      std::find(kUntrusted.begin(), kUntrusted.end(), verified) != kUntrusted.end();
  const std::string no_folder = missing_folder(trusted_.folder);
  std::string folder_advice;
  if (is_untrusted && request_.ca_file.empty() && trusted_.missing) {
    advice =
        "No certificates were found on this system: install ca-certificates, or set SSL_CERT_FILE.";
  } else if (is_untrusted && request_.ca_file.empty() && !no_folder.empty()) {
    folder_advice =
        fmt::format("{} names {}, which is not a folder.", trusted_.folder_variable, no_folder);
    advice = folder_advice;
  }
  return {ErrorCode::kTls, fmt::format("TLS with {} failed: {}. {}", host, detail, advice)};
}

Error Exchange::explain_break(CURLcode code, const std::string& host,
                              const std::string& detail) const {
  // libcurl's messages for the two most common errors describe its own internals.
  const bool closed = code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING;
  if (head_told_) {
    return {ErrorCode::kTruncated, fmt::format("The connection to {} broke: {}.", host,
                                               closed ? "the server closed it" : detail)};
  }
  return {ErrorCode::kLost, fmt::format("The connection to {} broke before an answer came: {}.",
                                        host, closed ? "the server closed it" : detail)};
}

}  // namespace chatvim::http
