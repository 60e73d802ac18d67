// SPDX-License-Identifier: Apache-2.0
#include "certificates.hpp"

#include <algorithm>

namespace chatvim::http {

const std::vector<std::string>& system_bundles() {
  static const std::vector<std::string> paths = {
      "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch, Alpine, Gentoo, NixOS
      "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora, RHEL
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, since Fedora 42
      "/etc/ssl/ca-bundle.pem",                             // openSUSE
      "/var/lib/ca-certificates/ca-bundle.pem",             // the same
      "/etc/ca-certificates/extracted/tls-ca-bundle.pem",   // Arch without its compatibility links
      "/etc/ssl/cert.pem",                                  // macOS, Alpine
  };
  return paths;
}

Certificates find_certificates(const ReadVariable& environment, bool has_default,
                               const std::function<bool(const std::string&)>& is_file) {
  Certificates found;
  const auto read = [&environment](const char* variable, std::string& path, std::string& name) {
    const auto value = environment(variable);
    if (!value || value->empty()) return false;
    path = *value;
    name = variable;
    return true;
  };
  if (read("CURL_CA_BUNDLE", found.file, found.file_variable)) return found;
  read("SSL_CERT_DIR", found.folder, found.folder_variable);
  if (read("SSL_CERT_FILE", found.file, found.file_variable) || has_default) return found;
  const auto& paths = system_bundles();
  const auto bundle = std::find_if(paths.begin(), paths.end(), is_file);
  if (bundle != paths.end()) found.file = *bundle;
  found.missing = found.file.empty() && found.folder.empty();
  return found;
}

}  // namespace chatvim::http
