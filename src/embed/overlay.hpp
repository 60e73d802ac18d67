// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "chatvim/embed/expand.hpp"

namespace chatvim::embed {

/// The file system with the editor's unsaved buffers laid over it: what is looked at, resolved and
/// listed includes buffers whose file is not there yet.
class Overlay final : public files::Files {
 public:
  /// A buffer with unsaved text.
  struct Buffer {
    std::string path;                   ///< as the editor names it
    const std::string* text = nullptr;  ///< null: it must be asked for
  };

  /// Both must outlive it.
  Overlay(const Context& context, const files::Files& files);

  Result<files::Entry> look(const std::string& path) const override;
  Result<std::string> resolve(const std::string& path) const override;
  Result<std::string> read(const std::string& path, std::uint64_t most) const override;
  Result<std::vector<files::Name>> list(const std::string& path, std::size_t most) const override;

  /// The buffer of a file, or null. The path is resolved.
  const Buffer* buffer(const std::string& path) const;

 private:
  void add(const std::string& path, const std::string* text);
  Result<std::string> resolve_missing(const std::string& path) const;

  const files::Files& files_;
  std::map<std::string, Buffer> buffers_;  ///< by resolved path
};

}  // namespace chatvim::embed
