-- SPDX-License-Identifier: Apache-2.0
-- Lists of changes and edits. `vim.tbl_map` and `vim.tbl_filter` use `pairs`, which LuaJIT, as in
-- Neovim 0.12, compiles wrongly now and then: an entry of the result was missing in one of fifty
-- runs of a test. Here a lost edit would be a lost line of the user.
local M = {}

--- Returns what `convert` makes of each item.
---@generic T, U
---@param list T[]
---@param convert fun(item: T): U
---@return U[]
function M.map(list, convert)
  local mapped = {}
  for index = 1, #list do
    mapped[index] = convert(list[index])
  end
  return mapped
end

--- Returns the items that `is_wanted` accepts.
---@generic T
---@param list T[]
---@param is_wanted fun(item: T): boolean
---@return T[]
function M.filter(list, is_wanted)
  local kept = {}
  for index = 1, #list do
    if is_wanted(list[index]) then
      kept[#kept + 1] = list[index]
    end
  end
  return kept
end

return M
