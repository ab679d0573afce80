package contact

import "strings"

// hanNamed looks for a name behind a run of Chinese that names an application: 加微信maraq88.
func (s *scan) hanNamed(i int) bool {
	if t := s.at(i); len(t.s) > 60 || !strings.Contains(t.s, "微信") && !strings.Contains(t.s, "威信") && !strings.Contains(t.s, "薇信") {
		return false
	}
	j := i + 1
	for s.at(j).is == space || s.is(j, ":：=@") {
		j++
	}
	z := s.chunk(j)
	length, strong := 0, false
	for n := j; n <= z; n++ {
		length += len(s.at(n).s)
		strong = strong || s.at(n).is == number || s.is(n, "_-")
	}
	if s.at(j).is != word || s.at(j).s[0] >= 0x80 || length < 5 || !strong {
		return false
	}
	s.hit(Handle, i, z)
	return true
}

// askHan finds the same in Chinese, of which one run of characters is a token: 你的微信, 请留下邮箱.
func (s *scan) askHan(i int) {
	t := s.at(i)
	if len(t.s) > 300 {
		return
	}
	for _, not := range []string{"验证", "模板", "功能", "代码", "接口", "系统", "支付", "小程序", "公众号", "登录", "开发", "格式"} {
		if strings.Contains(t.s, not) {
			return
		}
	}
	wants, thing := false, false
	for _, x := range []string{"你的", "您的", "发你", "发您", "留下", "留个", "给我", "请发", "加我", "加你", "加您", "多少"} {
		wants = wants || strings.Contains(t.s, x)
	}
	for _, x := range []string{"微信", "电话", "邮箱", "手机号", "联系方式"} {
		thing = thing || strings.Contains(t.s, x)
	}
	if wants && thing {
		s.hit(Ask, i, i)
	}
}
