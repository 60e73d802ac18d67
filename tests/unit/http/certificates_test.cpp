// SPDX-License-Identifier: Apache-2.0
#include "http/certificates.hpp"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace chatvim::http {

namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

Certificates find(const Variables& variables, bool has_default,
                  const std::set<std::string>& files = {}) {
  const auto read = [&variables](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  return find_certificates(read, has_default,
                           [&files](const std::string& path) { return files.count(path) > 0; });
}

}  // namespace

TEST_CASE("certificates: CURL_CA_BUNDLE wins over SSL_CERT_DIR and SSL_CERT_FILE", "[http]") {
  const Variables all = {
      {"CURL_CA_BUNDLE", "/bundle"}, {"SSL_CERT_DIR", "/folder"}, {"SSL_CERT_FILE", "/file"}};
  const Certificates bundle = find(all, true);
  CHECK(bundle.file == "/bundle");
  CHECK(bundle.file_variable == "CURL_CA_BUNDLE");
  CHECK(bundle.folder.empty());

  const Certificates both = find({{"SSL_CERT_DIR", "/folder"}, {"SSL_CERT_FILE", "/file"}}, true);
  CHECK(both.file == "/file");
  CHECK(both.file_variable == "SSL_CERT_FILE");
  CHECK(both.folder == "/folder");
  CHECK(both.folder_variable == "SSL_CERT_DIR");
}

TEST_CASE("certificates: an empty variable counts as unset", "[http]") {
  const Certificates found =
      find({{"CURL_CA_BUNDLE", ""}, {"SSL_CERT_DIR", ""}, {"SSL_CERT_FILE", "/file"}}, true);
  CHECK(found.file == "/file");
  CHECK(found.folder.empty());
}

TEST_CASE("certificates: the system's place is looked for if libcurl knows none", "[http]") {
  for (const std::string& path : system_bundles()) {
    const Certificates found = find({}, false, {path});
    CHECK(found.file == path);
    CHECK(found.file_variable.empty());
    CHECK_FALSE(found.missing);
    CHECK(find({}, true, {path}).file.empty());
  }
  const std::string& likeliest = system_bundles().front();
  CHECK(find({}, false, {likeliest, "/etc/ssl/cert.pem"}).file == likeliest);
  // As with curl, a folder adds to the system's file.
  CHECK(find({{"SSL_CERT_DIR", "/folder"}}, false, {likeliest}).file == likeliest);
}

TEST_CASE("certificates: they are missing only if nothing names any", "[http]") {
  CHECK(find({}, false).missing);
  CHECK_FALSE(find({}, true).missing);
  CHECK_FALSE(find({{"SSL_CERT_DIR", "/folder"}}, false).missing);
  CHECK_FALSE(find({{"SSL_CERT_FILE", "/file"}}, false).missing);
}

}  // namespace chatvim::http
