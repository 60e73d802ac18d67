// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/http/curl_client.hpp"

namespace chatvim::http {

/// The authorities that TLS trusts throughout the program, from the environment or the system. An
/// empty path means libcurl's own default.
struct Certificates {
  std::string file;             ///< PEM file
  std::string file_variable;    ///< the variable that names `file`; empty if it is the system's
  std::string folder;           ///< a folder with the hashed names of `openssl rehash`
  std::string folder_variable;  ///< the variable that names `folder`
  bool missing = false;         ///< neither libcurl nor we know of a file or folder
};

/// Returns the paths where systems keep their authorities in one PEM file, likeliest first.
const std::vector<std::string>& system_bundles();

/// Chooses certificates as the curl command does: CURL_CA_BUNDLE, else SSL_CERT_DIR and
/// SSL_CERT_FILE. An empty variable counts as unset. If no variable names a file, libcurl's
/// built-in path is used (`has_default`: it has one), else the first of `system_bundles` for which
/// `is_file` holds.
Certificates find_certificates(const ReadVariable& environment, bool has_default,
                               const std::function<bool(const std::string&)>& is_file);

}  // namespace chatvim::http
