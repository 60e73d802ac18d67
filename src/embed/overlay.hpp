// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chatvim/embed/expand.hpp"

namespace chatvim::embed {

/// The file system overlaid with the editor's unsaved buffers: `look`, `resolve` and `list` include
/// buffers whose file does not exist yet.
class Overlay final : public files::Files {
 public:
  /// A buffer with unsaved text.
  struct Buffer {
    std::string path;                   ///< as the editor spells it
    const std::string* text = nullptr;  ///< null: it must be requested
  };

  /// Both arguments must outlive the overlay.
  Overlay(const Context& context, const files::Files& files);

  Result<files::Entry> look(const std::string& path) const override;
  Result<std::string> resolve(const std::string& path) const override;
  Result<std::string> read(const std::string& path, std::uint64_t most) const override;
  Result<std::string> read_part(const std::string& path, std::uint64_t offset,
                                std::uint64_t most) const override;
  Result<std::vector<files::Name>> list(const std::string& path, std::size_t most) const override;

  /// Returns the buffer of a file, or null. The path must be resolved.
  const Buffer* buffer(const std::string& path) const;

 private:
  void add(const std::string& path, const std::string* text);
  Result<std::string> resolve_missing(const std::string& path) const;

  const files::Files& files_;
  std::map<std::string, Buffer> buffers_;  ///< by resolved path
};

}  // namespace chatvim::embed
