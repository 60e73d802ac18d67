// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/http/curl_client.hpp"

namespace chatvim::http {

/// The authorities that TLS trusts, for a whole program: from the environment, or the system's. An
/// empty path leaves libcurl's own default.
struct Certificates {
  std::string file;             ///< PEM
  std::string file_variable;    ///< the variable that names `file`; empty: the system's
  std::string folder;           ///< with the hashed names of `openssl rehash`
  std::string folder_variable;  ///< the variable that names `folder`
  bool missing = false;         ///< neither libcurl nor we know a file or folder
};

/// The paths at which systems keep their authorities in one PEM file, the likeliest first.
const std::vector<std::string>& system_bundles();

/// Chooses as the curl command does: CURL_CA_BUNDLE, or else SSL_CERT_DIR and SSL_CERT_FILE. An
/// empty variable counts as unset. `has_default`: libcurl was built with a path of its own, which
/// is used if no variable names a file; else the first of `system_bundles` that `is_file`.
Certificates find_certificates(const ReadVariable& environment, bool has_default,
                               const std::function<bool(const std::string&)>& is_file);

}  // namespace chatvim::http
