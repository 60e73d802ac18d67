// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "home.hpp"
#include "standin.hpp"

namespace chatvim::testing {

/// The server in a scene.
enum class FaultServer {
  kPlain,      ///< HTTP/1.1
  kHttp2,      ///< HTTP/2, trusted
  kUntrusted,  ///< TLS of an authority that nobody knows
  kMisnamed,   ///< TLS, trusted, of another name
  kExpired,    ///< TLS, trusted, until an hour ago
  kHangs,      ///< takes connections and reads nothing
  kNoTls,      ///< HTTP/1.1 where TLS is asked for
  kNoHost,     ///< a name that is none
  kNobody,     ///< a port on which nobody listens
};

/// A fault and the server's replies that cause it.
struct FaultScene {
  std::string name;
  FaultServer server = FaultServer::kPlain;
  std::vector<Json> replies;  ///< one for each request; the last for all that follow
  std::string api = "chat";
  std::string text;  ///< the whole answer
  std::string more;  ///< for the provider's table
};

/// Returns all scenes, in the order of the table.
std::vector<FaultScene> fault_scenes();

/// Returns the model name of a scene, by which the stand-in recognizes its request.
std::string fault_model(std::size_t scene);

/// The stand-ins that the scenes need; the destructor stops them.
class FaultServers {
 public:
  FaultServers();
  /// Gives each server the replies of its scenes.
  void script(const std::vector<FaultScene>& scenes);
  std::string base_url(const FaultScene& scene) const;
  /// Returns the lines for the provider's table.
  std::string settings(const FaultScene& scene) const;

 private:
  Home home_;  // for the certificates
  std::map<FaultServer, std::unique_ptr<Standin>> servers_;
};

}  // namespace chatvim::testing
