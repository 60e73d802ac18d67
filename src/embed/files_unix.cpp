// SPDX-License-Identifier: Apache-2.0
#include "chatvim/embed/files.hpp"

namespace chatvim::embed {
namespace {
class SystemFiles final : public Files {
 public:
  Result<Entry> look(const std::string& /*path*/) const override { return Entry{}; }
  Result<std::string> resolve(const std::string& path) const override { return path; }
  Result<std::string> read(const std::string& /*path*/, std::uint64_t /*most*/) const override {
    return std::string();
  }
  Result<std::vector<Name>> list(const std::string& /*path*/, std::size_t /*most*/) const override {
    return std::vector<Name>();
  }
};
}  // namespace
const Files& system_files() {
  static const SystemFiles files;
  return files;
}
}  // namespace chatvim::embed
